import { formatChange } from "../../../../shared/contents/describe-change.ts";
import type { Finding, Verification } from "../../../../shared/library/verification.ts";
import { formatCount } from "../../../../shared/text/format.ts";
import { StateMark } from "../../../ui/state-mark.tsx";

/** Files that are listed. The comparison of two images shows all. */
const shownFiles = 20;

/** The findings about an image, its manifest and its inputs. */
export function VerifyResult({ verification: { findings } }: { readonly verification: Verification }) {
  const wrong = findings.filter(({ ok }) => !ok).length;
  return (
    <section className="verify-result" aria-label="Verification" data-ok={wrong === 0}>
      <h3 role="status">
        {wrong === 0
          ? "The image is as its manifest says"
          : `${formatCount(wrong, "thing")} ${wrong === 1 ? "is" : "are"} not as the manifest says`}
      </h3>
      <ul>
        {findings.map((finding) => (
          <li key={`${finding.subject} ${finding.text}`}>
            <FindingText finding={finding} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function FindingText({ finding: { ok, text, advice, changes = [] } }: { readonly finding: Finding }) {
  const rest = changes.length - shownFiles;
  return (
    <>
      <StateMark state={ok ? "good" : "bad"} label={ok ? "As it should be" : "Not as it should be"} />
      <div>
        <p>{text}</p>
        {changes.length > 0 && (
          <ul className="verify-changes">
            {changes.slice(0, shownFiles).map((change) => (
              <li key={change.path}>{formatChange(change)}</li>
            ))}
            {rest > 0 && <li>{rest.toLocaleString("en")} more</li>}
          </ul>
        )}
        {advice !== undefined && <p className="verify-advice">{advice}</p>}
      </div>
    </>
  );
}
