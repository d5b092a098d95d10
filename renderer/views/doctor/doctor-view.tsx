import { RefreshCw } from "lucide-react";
import type { Finding } from "../../../shared/app/host.ts";
import { Button } from "../../ui/button.tsx";
import { ProgressBar } from "../../ui/progress-bar.tsx";
import { StateMark, type StateName } from "../../ui/state-mark.tsx";
import "./doctor-view.css";
import { useFindings } from "./use-findings.ts";

/** The features that this host has and lacks, the benefit of each missing one, and how to get it. */
export function DoctorView() {
  const { findings, examine } = useFindings();
  return (
    <article className="doctor">
      <header>
        <h1>Doctor</h1>
        <Button
          icon={RefreshCw}
          disabledReason={findings ? undefined : "This host is being examined"}
          onClick={() => examine(true)}
        >
          Try KVM again
        </Button>
      </header>
      {!findings && <ProgressBar label="Checking this host" />}
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
