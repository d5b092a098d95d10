import type { ProtocolRule } from "../../../shared/conformance/conformance.ts";
import type { GuestActionType } from "../../../shared/guest/guest-protocol.ts";
import { excerpt } from "../../../shared/text/excerpt.ts";
import type { SeenResponse, ServiceClient } from "./service-client.ts";

/**
 * Asks the service, by means of its own, for an action of the guest: `/conformance` is the path of a folder or a file, and `cat`
 * the shell's command. Settles when the service has the answer.
 *
 * @param input of a shell; by default `input`
 * @returns the answer in words: the names of a listing, the content of a file, or a shell's output
 */
export type AskForAction = (type: GuestActionType, input?: string) => Promise<string>;

/** A rule that a MetaService keeps, and how it is checked. */
export interface ServiceRule extends ProtocolRule {
  /** It needs actions that somebody asks the service for. */
  readonly needsActions?: true;
  /** For most of its time it only waits: other rules that need no actions can be checked meanwhile. */
  readonly onlyWaits?: true;
  /** It is about pages in a browser, which can't reach a socket. */
  readonly needsPort?: true;
  /**
   * @param onWaiting to be called by a rule that only waits, when it needs no more actions
   * @returns the violation, if there is one; an error that it throws is one, too
   */
  readonly check: (
    service: ServiceClient,
    ask: AskForAction,
    onWaiting: () => void,
  ) => Promise<string | undefined>;
}

/** The violation of a response with another status, or error code, than the expected one; undefined if it has these. */
export function unlessStatus(response: SeenResponse, status: number, code?: string): string | undefined {
  const error = code === undefined || response.body.includes(`"${code}"`);
  return response.status === status && error
    ? undefined
    : `${describeResponse(response)}, not ${[status, code].join(" ").trim()}`;
}

/** The violation of a response that has not status 200, or has a body. */
export function unlessEmpty(response: SeenResponse): string | undefined {
  return (
    unlessStatus(response, 200) ??
    (response.body === "" ? undefined : `${describeResponse(response)}, not an empty body`)
  );
}

export function describeResponse({ status, body }: SeenResponse): string {
  return `status ${status}${body === "" ? "" : ` with ${excerpt(body, 100)}`}`;
}
