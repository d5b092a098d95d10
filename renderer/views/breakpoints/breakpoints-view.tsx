import { CirclePause, Plus, SendHorizontal } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { useStore } from "zustand";
import type { RuleState } from "../../../shared/rules/rule-list.ts";
import { heldQueue, letRun, releaseAll, selectHeld } from "../../state/breakpoints/held-messages.ts";
import { type HeldQueue, selectedMessage } from "../../state/breakpoints/held-queue.ts";
import { useRules } from "../../state/breakpoints/use-rules.ts";
import { sessions } from "../../state/connection/app-state.ts";
import { useSessionLife } from "../../state/sessions/session-life.ts";
import { Button } from "../../ui/button.tsx";
import { EmptyState } from "../../ui/messages/empty-state.tsx";
import { BreakForm } from "./break-form.tsx";
import "./breakpoints.css";
import { GoneNote } from "./gone-note.tsx";
import { HeldList } from "./held-list.tsx";
import { HeldSelected } from "./held-selected.tsx";
import { RuleList } from "./rule-list.tsx";

/** The breakpoints of a session: the messages that they hold, and all rules. */
export function BreakpointsView({ session }: { readonly session: string }) {
  const life = useSessionLife(session);
  return (
    <section className="breakpoints" aria-label="Breakpoints">
      {life === "running" && <LiveBreakpoints session={session} />}
      {life !== "running" && life !== "unknown" && (
        <EmptyState icon={CirclePause} title="The session has ended">
          <p>Only a running session has breakpoints. Its log shows the rules that were active.</p>
        </EmptyState>
      )}
    </section>
  );
}

function LiveBreakpoints({ session }: { readonly session: string }) {
  const { held } = useStore(heldQueue(session), (queue) => queue);
  const rules = useRules(session);
  const [isAdding, setAdding] = useState(false);
  const close = () => setAdding(false);
  if (!rules) return <p className="held-note">Reading the rules…</p>;
  if (held.length === 0 && rules.length === 0 && !isAdding)
    return (
      <EmptyState icon={CirclePause} title="No breakpoints yet">
        <p>
          A breakpoint holds a message between the guest tools and the MetaService. You see it here, and send
          it unchanged or edited, answer it with an error, or cut its connection.
        </p>
        <Button look="primary" icon={Plus} onClick={() => setAdding(true)}>
          Break on…
        </Button>
      </EmptyState>
    );
  return (
    <>
      <GoneNote session={session} />
      <Held session={session} />
      <Rules
        session={session}
        rules={rules}
        isAdding={isAdding}
        onAdd={() => setAdding(true)}
        onClose={close}
      />
    </>
  );
}

/** Whether a session has a virtual machine. */
function useIsVirtual(session: string): boolean {
  return useStore(sessions, ({ value }) => value?.find(({ id }) => id === session)?.kind !== "meta");
}

/** The queue of held messages, and the selected one. */
function Held({ session }: { readonly session: string }) {
  const queue = useStore(heldQueue(session), (state) => state);
  const isVirtual = useIsVirtual(session);
  const message = selectedMessage(queue);
  if (!message)
    return (
      <div className="held-none">
        <EmptyState icon={CirclePause} title="No message is held">
          <p>The next message that a breakpoint holds appears here.</p>
        </EmptyState>
      </div>
    );
  const isRunning = queue.letsRun || !isVirtual;
  return (
    <>
      {isVirtual && (
        <p className="held-pause" role="status" data-runs={queue.letsRun || undefined}>
          {queue.letsRun
            ? "The virtual machine runs while messages are held."
            : "The virtual machine is paused while a message is held."}
        </p>
      )}
      <div className="held">
        <div className="held-queue">
          <HeldList
            session={session}
            isRunning={isRunning}
            held={queue.held}
            selected={message.number}
            onSelect={(number) => selectHeld(session, number)}
          />
          {queue.held.length > 1 && <SendAll session={session} queue={queue} />}
        </div>
        <HeldSelected session={session} queue={queue} message={message} isRunning={isRunning} />
      </div>
    </>
  );
}

function SendAll({ session, queue }: { readonly session: string; readonly queue: HeldQueue }) {
  const isReleasing = queue.held.every(({ number }) => queue.releasing.includes(number));
  return (
    <div className="held-all">
      <Button
        look="quiet"
        icon={SendHorizontal}
        disabledReason={isReleasing ? "In progress" : undefined}
        onClick={() => void releaseAll(session)}
      >
        Send all {queue.held.length} unchanged
      </Button>
    </div>
  );
}

interface RulesProps {
  readonly session: string;
  readonly rules: readonly RuleState[];
  /** The form for a new breakpoint is open. */
  readonly isAdding: boolean;
  readonly onAdd: () => void;
  readonly onClose: () => void;
}

function Rules({ session, rules, isAdding, onAdd, onClose }: RulesProps) {
  const button = useRef<HTMLButtonElement>(null);
  const isVirtual = useIsVirtual(session);
  const letsRun = useStore(heldQueue(session), (queue) => queue.letsRun);
  const wasAdding = useRef(isAdding);
  useEffect(() => {
    // The form that had the focus is gone.
    if (wasAdding.current && !isAdding) button.current?.focus();
    wasAdding.current = isAdding;
  }, [isAdding]);
  return (
    <section className="rules" aria-label="Rules">
      <header>
        <h2>Rules</h2>
        {!isAdding && (
          <Button ref={button} look="quiet" icon={Plus} onClick={onAdd}>
            Break on…
          </Button>
        )}
      </header>
      {isVirtual && (
        <label className="choice">
          <input
            type="checkbox"
            checked={letsRun}
            onChange={({ target }) => void letRun(session, target.checked)}
          />
          Let the virtual machine run while messages are held
        </label>
      )}
      {isAdding && <BreakForm session={session} onClose={onClose} />}
      {rules.length > 0 ? (
        <RuleList session={session} rules={rules} />
      ) : (
        !isAdding && <p className="held-note">This session has no rules.</p>
      )}
    </section>
  );
}
