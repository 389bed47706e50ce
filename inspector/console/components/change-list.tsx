/** @module */
import type { OrgRecord, RegistryAdapter } from "orgpass/registry";
import type { ComponentChildren, JSX } from "preact";
import type { Change } from "../changes/change.ts";
import { setActive } from "../changes/set-active.ts";
import { DirectorForms, TransferForm } from "./account-forms.tsx";
import { DocumentForm } from "./document-form.tsx";
import { RegisterKeyForm, RevokeKeyForm } from "./key-forms.tsx";
import { ReviewForm } from "./review-form.tsx";

interface ChangeListProps {
	readonly record: OrgRecord;
	readonly adapter: RegistryAdapter;
	/** The account that is connected; empty if none is. */
	readonly account: string;
	readonly proposedDirector: string | undefined;
	readonly onReview: (change: Change) => void;
}

/** What can be changed of an organization, as far as its registry allows. */
export function ChangeList(props: ChangeListProps): JSX.Element {
	const { record, adapter, account, proposedDirector, onReview } = props;
	const { writes } = adapter;
	const hasKeys = writes.addKey !== undefined;
	return (
		<section class="changes" aria-labelledby="changes-title">
			<h2 id="changes-title">Change it</h2>
			{hasKeys && (
				<Choice title="Register a key">
					<RegisterKeyForm organization={record} onReview={onReview} />
				</Choice>
			)}
			{hasKeys && record.keys.length > 0 && (
				<>
					<Choice title="Replace a key">
						<RegisterKeyForm organization={record} isReplacement onReview={onReview} />
					</Choice>
					<Choice title="Revoke a key">
						<RevokeKeyForm organization={record} onReview={onReview} />
					</Choice>
				</>
			)}
			<Choice title="Document">
				<DocumentForm record={record} onReview={onReview} />
			</Choice>
			{writes.transferDirectorship !== undefined && (
				<Choice title="Director">
					<DirectorForms {...{ record, account, proposedDirector, onReview }} />
				</Choice>
			)}
			{writes.setActive !== undefined && (
				<Choice title={record.active ? "Deactivate" : "Activate"}>
					<ReviewForm onSubmit={() => onReview(setActive(record, !record.active))}>
						<p class="aside">
							{record.active
								? "For when something is wrong and you don't know yet which key: all tokens are refused."
								: "Its tokens are refused until then."}
						</p>
					</ReviewForm>
				</Choice>
			)}
			{writes.transferOwnership !== undefined && (
				<Choice title="Transfer">
					<TransferForm organization={record} onReview={onReview} />
				</Choice>
			)}
		</section>
	);
}

/** One is open at a time. */
function Choice({ title, children }: { readonly title: string; readonly children: ComponentChildren }): JSX.Element {
	return (
		<details name="change">
			<summary>{title}</summary>
			{children}
		</details>
	);
}
