import type { ErrorData } from "../../../shared/errors/error-data.ts";
import { capitalizeMessage } from "../../../shared/text/capitalize-message.ts";
import "./error-text.css";

/** An error in full: the event, the evidence, and the advice. */
export function ErrorText({ error }: { readonly error: ErrorData }) {
  return (
    <div className="error-text">
      <p className="error-message">{capitalizeMessage(error.message)}</p>
      {error.advice && <p className="error-advice">{error.advice}</p>}
      {error.details && error.details.length > 0 && (
        <pre className="error-details">{error.details.join("\n")}</pre>
      )}
    </div>
  );
}
