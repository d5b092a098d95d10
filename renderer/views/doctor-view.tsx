import { RefreshCw } from "lucide-react";
import { useCallback, useEffect, useState } from "react";
import type { Finding } from "../../shared/host.ts";
import { app } from "../api-client.ts";
import { sayError } from "../state/toasts.ts";
import { Button } from "../ui/button.tsx";
import { ProgressBar } from "../ui/progress-bar.tsx";
import { StateMark, type StateName } from "../ui/state-mark.tsx";
import "./doctor-view.css";

/** What this host has and lacks, what each missing thing would give, and how to get it. */
export function DoctorView() {
  const [findings, setFindings] = useState<readonly Finding[]>();
  const examine = useCallback((retry: boolean) => {
    setFindings(undefined);
    app()
      .host.examine({ retry })
      .then(setFindings, (error) => {
        setFindings([]);
        sayError(error);
      });
  }, []);
  useEffect(() => examine(false), [examine]);
  return (
    <article className="doctor">
      <header>
        <h1>Doctor</h1>
        <Button icon={RefreshCw} disabled={!findings} onClick={() => examine(true)}>
          Look again, and try KVM
        </Button>
      </header>
      {!findings && <ProgressBar label="Looking at this host" />}
      <dl aria-busy={!findings}>
        {findings?.map((finding) => (
          <div key={finding.subject} className="finding">
            <dt>
              <StateMark {...stateOf(finding)} />
              {finding.subject}
            </dt>
            <dd>
              <p>{finding.text}</p>
              {finding.advice && <p className="finding-advice">{finding.advice}</p>}
            </dd>
          </div>
        ))}
      </dl>
    </article>
  );
}

function stateOf({ ok, advice }: Finding): { readonly state: StateName; readonly label: string } {
  if (!ok) return { state: "bad", label: "missing" };
  return advice ? { state: "warn", label: "could be better" } : { state: "good", label: "fine" };
}
