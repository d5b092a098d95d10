import { type Retention, retentionLimits } from "../../../shared/app/settings.ts";
import { TextField } from "../../ui/forms/text-field.tsx";

interface RetentionFieldsProps {
  readonly value: Retention;
  readonly onChange: (retention: Retention) => void;
}

/** How much is kept of ended sessions. */
export function RetentionFields({ value, onChange }: RetentionFieldsProps) {
  return (
    <>
      <div className="field-pair">
        <TextField
          label="Sessions to keep"
          name="retention.sessions"
          hint="The newest ones. Older ones are deleted when a session starts."
          issue={sessionsIssue(value.sessions)}
          type="number"
          value={shown(value.sessions)}
          onChange={(text) => onChange({ ...value, sessions: numberOf(text) })}
        />
        <TextField
          label="Size of all sessions"
          name="retention.sessionsGib"
          hint="GiB, for all sessions in total"
          issue={sizeIssue(value.sessionsGib)}
          type="number"
          value={shown(value.sessionsGib)}
          onChange={(text) => onChange({ ...value, sessionsGib: numberOf(text) })}
        />
      </div>
      <TextField
        label="Size of the cache"
        name="retention.cacheGib"
        hint="GiB of ISOs, unpacked images, saved states, and the work that failed builds keep for a retry"
        issue={sizeIssue(value.cacheGib)}
        type="number"
        value={shown(value.cacheGib)}
        onChange={(text) => onChange({ ...value, cacheGib: numberOf(text) })}
      />
    </>
  );
}

function sessionsIssue(count: number): string | undefined {
  const most = retentionLimits.sessions;
  const isRight = Number.isInteger(count) && count >= 1 && count <= most;
  return isRight ? undefined : `Enter a whole number from 1 to ${most.toLocaleString("en")}.`;
}

function sizeIssue(gib: number): string | undefined {
  const most = retentionLimits.gib;
  const isRight = gib > 0 && gib <= most;
  return isRight ? undefined : `Enter a number of GiB above 0, of ${most.toLocaleString("en")} at most.`;
}

function numberOf(text: string): number {
  return text === "" ? Number.NaN : Number(text);
}

/** An empty input while the person has typed no number. */
function shown(value: number): number | "" {
  return Number.isNaN(value) ? "" : value;
}
