import type { ServiceMessage } from "../../../shared/rules/rule-event.ts";
import type { MessageHead } from "../rules/match-rule.ts";
import type { RuleContext } from "./rule-context.ts";

/** Bytes of a body in the event: as of those that an exchange's record has (core/metaservice/record/body-recorder.ts). */
const beginningBytes = 4 * 1024;

/** A message on the service's side. */
interface EditedMessage extends Omit<ServiceMessage, "body"> {
  /** Its body, or the beginning of that. */
  readonly body: Buffer;
  /** Of the whole body, if `body` is its beginning. */
  readonly bytes?: number;
}

/** Records a message that a rule has edited or shortened as the service's side has it; the exchange's record has the guest's side. */
export function reportEdit(
  { from }: Pick<MessageHead, "from">,
  exchange: number,
  { body, bytes = body.length, status, headers }: EditedMessage,
  { report }: Pick<RuleContext, "report">,
): void {
  const beginning = body.subarray(0, beginningBytes).toString("base64");
  report({ type: "message-edited", exchange, from, status, headers, body: { bytes, beginning } });
}

/** Passes the pieces of a body on, and keeps their beginning and their number of bytes for `reportEdit`. */
export class PassedBody {
  body: Buffer = Buffer.alloc(0);
  bytes = 0;

  async *pass(pieces: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void, void> {
    for await (const piece of pieces) {
      this.bytes += piece.length;
      const room = beginningBytes - this.body.length;
      if (room > 0) this.body = Buffer.concat([this.body, piece.subarray(0, room)]);
      yield piece;
    }
  }
}
