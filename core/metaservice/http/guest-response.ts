import { WatchedReply } from "../record/watch-http.ts";

/** A response that is not on its way yet. */
export interface ResponseDraft {
  readonly status: number;
  readonly body: string;
  /** The method that would be right, when the request's is wrong. */
  readonly allow?: string | undefined;
}

/** A response to the guest, which rules can change on its way. */
export class GuestResponse extends WatchedReply {
  /** Takes the response in place of the connection. */
  intercept: ((draft: ResponseDraft) => void) | undefined = undefined;

  /** Sends a response, or has it intercepted. */
  deliver(draft: ResponseDraft): void {
    if (this.intercept) this.intercept(draft);
    else this.sendDraft(draft);
  }

  /** Sends a response as it is. */
  sendDraft({ status, body, allow }: ResponseDraft): void {
    if (allow) this.setHeader("Allow", allow);
    // A length, because an HTTP/1.0 client can't read a chunked body.
    this.setHeader("Content-Length", Buffer.byteLength(body));
    if (body) this.setHeader("Content-Type", "application/json");
    this.statusCode = status;
    this.end(body);
  }
}
