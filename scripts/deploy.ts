/**
 * Deploys the registry contract with Hardhat's own connection: `npx hardhat run scripts/deploy.ts --network NAME`.
 * The same code as `orgpass registry deploy`, for projects that keep their networks in hardhat.config.ts.
 * @module
 */
import { BrowserProvider } from "ethers";
import hre from "hardhat";
import { deployRegistry } from "orgpass/registry";

const { provider, networkName } = await hre.network.connect();
const account = await new BrowserProvider(provider).getSigner();
const { address, transactionHash, gasUsed } = await deployRegistry(account);
console.log(`OrgIdRegistry at ${address} on ${networkName}, ${gasUsed} gas, transaction ${transactionHash}`);
