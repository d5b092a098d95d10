import { ChevronDown, CircleSlash, Pencil, Send, Unplug } from "lucide-react";
import type { HeldMessage, ReleaseRequest } from "../../../shared/rules/held-message.ts";
import { releaseHeld } from "../../state/breakpoints/held-messages.ts";
import type { Draft } from "../../state/breakpoints/held-queue.ts";
import { openDialog } from "../../state/messages/dialogs.ts";
import { Button } from "../../ui/button.tsx";
import { Menu, MenuItem, MenuLine } from "../../ui/menu.tsx";
import { draftIssue, editOf } from "./message/held-draft.ts";

/** The errors that a held request is most often answered with. */
const answers = [
  { status: 500, name: "Internal server error" },
  { status: 503, name: "Service unavailable" },
  { status: 404, name: "Not found" },
] as const;

interface HeldActionsProps {
  readonly session: string;
  readonly message: HeldMessage;
  /** Undefined before it was read; until then an edit can't be sent. */
  readonly body: Uint8Array | undefined;
  readonly draft: Draft;
  /** Its release was asked for. */
  readonly isReleasing: boolean;
}

/** The ways to release a held message. */
export function HeldActions({ session, message, body, draft, isReleasing }: HeldActionsProps) {
  const busy = isReleasing ? "In progress" : undefined;
  const edit = body && editOf(message, body, draft);
  const release = (request: ReleaseRequest) => void releaseHeld(session, message.number, request);
  return (
    <div className="held-actions">
      <Button
        look={edit ? "plain" : "primary"}
        icon={Send}
        disabledReason={busy}
        onClick={() => release({ release: "unchanged" })}
      >
        Send unchanged
      </Button>
      {edit && (
        <Button
          look="primary"
          icon={Pencil}
          disabledReason={busy ?? draftIssue(draft)}
          onClick={() => release({ release: "edited", edit })}
        >
          Send edited
        </Button>
      )}
      {message.from === "guest" && message.message === undefined && (
        <Menu
          button={
            <Button icon={CircleSlash} disabledReason={busy}>
              Answer with error
              <ChevronDown size={14} aria-hidden />
            </Button>
          }
        >
          {answers.map(({ status, name }) => (
            <MenuItem key={status} onSelect={() => release({ release: "answered", answer: { status } })}>
              {status} {name}
            </MenuItem>
          ))}
          <MenuLine />
          <MenuItem onSelect={() => openDialog({ name: "answer-error", session, held: message.number })}>
            Another status…
          </MenuItem>
        </Menu>
      )}
      <Button
        icon={Unplug}
        disabledReason={busy}
        onClick={() => release({ release: "cut", cut: { by: "close" } })}
      >
        Cut connection
      </Button>
    </div>
  );
}
