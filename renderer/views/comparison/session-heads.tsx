import { useStore } from "zustand";
import type { RuleUse } from "../../../shared/rules/rule-event.ts";
import type { Environment } from "../../../shared/session/session-comparison.ts";
import { escapeName } from "../../../shared/text/escape-name.ts";
import { formatDuration } from "../../../shared/text/format.ts";
import { sessions } from "../../state/connection/app-state.ts";
import { sessionMark } from "../../state/sessions/session-mark.ts";
import { useSessionName } from "../../state/sessions/session-names.ts";
import { showWhenKnown } from "../../state/sessions/show-when-known.ts";
import { RelativeTime } from "../../ui/relative-time.tsx";
import { StateMark } from "../../ui/state-mark.tsx";
import { useNow } from "../../ui/use-now.ts";
import { RuleUses } from "../session/rule-uses.tsx";
import { sessionState } from "../sessions/session-state.ts";

interface SessionHeadsProps {
  readonly sessions: readonly [first: string, second: string];
  readonly environments: readonly [first: Environment, second: Environment];
  readonly rules: readonly [first: readonly RuleUse[], second: readonly RuleUse[]];
}

/** The two sessions that are compared: what ran, how it ended, and how long it took. */
export function SessionHeads({ sessions: [first, second], environments, rules }: SessionHeadsProps) {
  const [one, other] = environments;
  return (
    <div className="comparison-heads">
      <SessionHead id={first} environment={one} other={other} rules={rules[0]} />
      <SessionHead id={second} environment={other} other={one} rules={rules[1]} />
    </div>
  );
}

interface SessionHeadProps {
  readonly id: string;
  readonly environment: Environment;
  readonly other: Environment;
  readonly rules: readonly RuleUse[];
}

function SessionHead({ id, environment, other, rules }: SessionHeadProps) {
  const session = useStore(sessions, ({ value }) => value?.find((one) => one.id === id));
  const name = useSessionName(id) ?? id;
  const isRunning = session?.status === "running";
  const now = useNow(isRunning);
  const variables = Object.entries(environment).sort(([one], [two]) => (one < two ? -1 : 1));
  return (
    <section className="comparison-head" aria-label={name}>
      <h2>
        <span className="tab-mark" data-mark={sessionMark(id)} aria-hidden />
        <button type="button" className="link" title="Show the session" onClick={() => showWhenKnown(id)}>
          {name}
        </button>
      </h2>
      {session ? (
        <p>
          <StateMark {...sessionState(session)} />
          <span>{sessionState(session).label}</span>
          <span>{formatDuration(Math.max(0, (session.ended ?? now) - session.started))}</span>
          <RelativeTime at={session.started} />
          <span className="comparison-title">{session.title}</span>
        </p>
      ) : (
        <p>This session was deleted</p>
      )}
      {session?.error && <p className="comparison-problem">{session.error.message}</p>}
      <RuleUses rules={rules} />
      {variables.length > 0 && (
        <ul className="comparison-environment" aria-label="Environment">
          {variables.map(([variable, value]) => (
            <li key={variable} data-differs={other[variable] !== value || undefined}>
              <code>
                {escapeName(variable)}={escapeName(value)}
              </code>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
