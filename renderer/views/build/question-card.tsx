import { Package, Power, Trash2 } from "lucide-react";
import { useState } from "react";
import { useStore } from "zustand";
import type { OffChoice } from "../../../shared/session/build.ts";
import { sessionClient } from "../../client/api-client.ts";
import { openDialog } from "../../state/messages/dialogs.ts";
import { sayError } from "../../state/messages/notices.ts";
import { stopObstacle, stopsAsked } from "../../state/sessions/stop-session.ts";
import { Button } from "../../ui/button.tsx";

interface QuestionCardProps {
  readonly session: string;
  /** The way in which the guest went off; its evidence follows in further lines. */
  readonly question: string;
}

/** Asks what to do with an installation by hand whose guest is off. Nothing is lost while nobody answers. */
export function QuestionCard({ session, question }: QuestionCardProps) {
  const [isBusy, setBusy] = useState(false);
  const shuttingDown = useStore(stopsAsked, () => stopObstacle(session));
  const obstacle = shuttingDown ?? (isBusy ? "In progress" : undefined);
  const [how = "", ...evidence] = question.split("\n");
  const choose = async (choice: OffChoice) => {
    setBusy(true);
    try {
      await sessionClient(session).build.choose({ choice });
    } catch (error) {
      setBusy(false);
      sayError(error);
    }
  };
  return (
    <section className="card card-ask" aria-label="Package the disk?">
      <h2>
        <Power size={16} aria-hidden /> {how}
      </h2>
      {evidence.length > 0 && <pre>{evidence.join("\n")}</pre>}
      <p>
        The disk is as the guest left it. Package it if the installation is complete. Boot again to continue
        the installation, or to check that the guest starts from its disk.
      </p>
      <div className="card-actions">
        <Button
          look="primary"
          icon={Package}
          disabledReason={obstacle}
          onClick={() => void choose("package")}
        >
          Package disk
        </Button>
        <Button icon={Power} disabledReason={obstacle} onClick={() => void choose("boot")}>
          Boot again
        </Button>
        <Button
          icon={Trash2}
          disabledReason={obstacle}
          onClick={() => openDialog({ name: "discard", session })}
        >
          Discard…
        </Button>
      </div>
    </section>
  );
}
