/** @module */
import type { ComponentChildren, JSX } from "preact";

interface ReviewFormProps {
	readonly children: ComponentChildren;
	/** What is still missing. */
	readonly missing?: string;
	readonly onSubmit: () => void;
}

/** A form whose result is shown in words before it is signed. */
export function ReviewForm({ children, missing = "", onSubmit }: ReviewFormProps): JSX.Element {
	const submit = (event: Event): void => {
		event.preventDefault();
		if (missing === "") onSubmit();
	};
	return (
		<form onSubmit={submit}>
			{children}
			<div class="actions">
				<button type="submit" aria-disabled={missing !== ""}>
					Review
				</button>
				<span class="aside">{missing}</span>
			</div>
		</form>
	);
}
