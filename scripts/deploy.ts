/**
 * Deploys the registry contract to a network of hardhat.config.ts:
 * `npx hardhat run scripts/deploy.ts --network NAME`. Runs the same code as `orgpass registry deploy`.
 * @module
 */
import { BrowserProvider } from "ethers";
import hre from "hardhat";
import { deployRegistry } from "orgpass/registry";

const { provider, networkName } = await hre.network.connect();
const account = await new BrowserProvider(provider).getSigner();
const { address, transactionHash, gasUsed } = await deployRegistry(account);
console.log(`OrgIdRegistry at ${address} on ${networkName}, ${gasUsed} gas, transaction ${transactionHash}`);
