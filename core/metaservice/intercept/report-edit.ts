import type { ServiceMessage } from "../../../shared/rules/rule-event.ts";
import type { MessageHead } from "../rules/match-rule.ts";
import type { RuleContext } from "./rule-context.ts";

/** Bytes of a body in the event: as of those that an exchange's record has (core/metaservice/record/body-recorder.ts). */
const beginningBytes = 4 * 1024;

/** Records an edited message as the service's side has it; the exchange's record has the guest's side. */
export function reportEdit(
  { from }: Pick<MessageHead, "from">,
  exchange: number,
  { body, ...message }: Omit<ServiceMessage, "body"> & { readonly body: Buffer },
  { report }: Pick<RuleContext, "report">,
): void {
  const beginning = body.subarray(0, beginningBytes).toString("base64");
  report({ type: "message-edited", exchange, from, ...message, body: { bytes: body.length, beginning } });
}
