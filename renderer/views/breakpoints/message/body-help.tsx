import { z } from "zod";
import type { MessageForm } from "../../../../shared/guest/message-forms.ts";
import { typeInWords } from "./type-in-words.ts";

/** Explains the body that a message must have: in a sentence, and by its keys, if it is JSON. */
export function BodyHelp({ form: { help, schema } }: { readonly form: MessageForm }) {
  const { properties = {}, required = [] } = schema ? z.toJSONSchema(schema, { io: "input" }) : {};
  return (
    <aside className="body-help" aria-label="The body by the protocol">
      <p>{help}</p>
      {schema && (
        <dl>
          {Object.entries(properties).map(
            ([key, value]) =>
              typeof value === "object" && (
                <div key={key}>
                  <dt>{key}</dt>
                  <dd className="body-help-type">
                    {typeInWords(value)}
                    {!required.includes(key) && ", optional"}
                  </dd>
                  <dd>{value.description}</dd>
                </div>
              ),
          )}
        </dl>
      )}
    </aside>
  );
}
