import type { ErrorData } from "../errors/error-data.ts";
import type { SessionDescription } from "../session/session-description.ts";

/**
 * The version of the messages between a session's process and others: shared/contracts/session-contract.ts and the
 * byte channels beside it. It rises with each change by which a client or a session of the version before would fail
 * or misunderstand.
 *
 * A stable core never changes, so that any Tinsmith can watch and stop a session of any other: the description in the
 * session's lock file, `session.events` (each event has `seq`, `type` and `time`), and `session.stop`.
 */
export const sessionProtocol = 4;

/**
 * The reason why only the stable core of a session can be used; undefined for one that has this Tinsmith's own
 * protocol.
 */
export function describeOtherProtocol({
  id,
  tinsmith,
  protocol,
}: Pick<SessionDescription, "id" | "tinsmith" | "protocol">): ErrorData | undefined {
  if (protocol === sessionProtocol) return undefined;
  const relation = protocol > sessionProtocol ? "newer" : "older";
  return {
    code: "other-version",
    message: `session ${id} runs Tinsmith ${tinsmith}, whose session protocol ${protocol} is ${relation} than this one's, ${sessionProtocol}`,
    advice: `Use Tinsmith ${tinsmith} for everything except watching and stopping the session.`,
  };
}
