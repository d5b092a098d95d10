import { Package, Power, Trash2 } from "lucide-react";
import { useState } from "react";
import type { OffChoice } from "../../../shared/build.ts";
import { sessionClient } from "../../api-client.ts";
import { openDialog } from "../../state/dialogs.ts";
import { sayError } from "../../state/toasts.ts";
import { Button } from "../../ui/button.tsx";

interface QuestionCardProps {
  readonly session: string;
  /** How the guest went off; its evidence follows in further lines. */
  readonly question: string;
}

/** Asks what becomes of an installation by hand whose guest is off. Nothing is lost while nobody answers. */
export function QuestionCard({ session, question }: QuestionCardProps) {
  const [isBusy, setBusy] = useState(false);
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
    <section className="card card-ask" aria-label="What becomes of it?">
      <h2>
        <Power size={16} aria-hidden /> {how}
      </h2>
      {evidence.length > 0 && <pre>{evidence.join("\n")}</pre>}
      <p>
        Its disk is as the guest left it. Package it when the installation is done; boot it again to go on, or
        to see whether it starts from its disk.
      </p>
      <div className="card-actions">
        <Button look="primary" icon={Package} disabled={isBusy} onClick={() => void choose("package")}>
          Package it
        </Button>
        <Button icon={Power} disabled={isBusy} onClick={() => void choose("boot")}>
          Boot it again
        </Button>
        <Button icon={Trash2} disabled={isBusy} onClick={() => openDialog({ name: "discard", session })}>
          Discard…
        </Button>
      </div>
    </section>
  );
}
