import { useState } from "react";
import { guestActionTypes } from "../../../shared/guest/guest-protocol.ts";
import { endpoints } from "../../../shared/rules/message-kinds.ts";
import { type BreakChoice, firstChoice, hasAction } from "../../state/breakpoints/break-rule.ts";
import { addBreakpoint } from "../../state/breakpoints/session-rules.ts";
import { Button } from "../../ui/button.tsx";

interface BreakFormProps {
  readonly session: string;
  readonly onClose: () => void;
}

/** Chooses the messages that a new breakpoint holds, as a sentence. */
export function BreakForm({ session, onClose }: BreakFormProps) {
  const [choice, setChoice] = useState(firstChoice);
  const [isBusy, setBusy] = useState(false);
  const change = (changed: Partial<BreakChoice>) => setChoice({ ...choice, ...changed });
  const add = async () => {
    setBusy(true);
    const isAdded = await addBreakpoint(session, choice);
    setBusy(false);
    if (isAdded) onClose();
  };
  return (
    <form
      className="break-form"
      aria-label="New breakpoint"
      onSubmit={(event) => {
        event.preventDefault();
        if (!isBusy) void add();
      }}
      onKeyDown={({ key }) => {
        if (key === "Escape") onClose();
      }}
    >
      <span aria-hidden>Break on</span>
      <Choice
        label="How often"
        isFirst
        value={choice.isOnlyNext ? "next" : "each"}
        options={[
          ["next", "only the next"],
          ["each", "each"],
        ]}
        onChange={(value) => change({ isOnlyNext: value === "next" })}
      />
      <Choice
        label="Direction"
        value={choice.from}
        options={[
          ["guest", "request to"],
          ["host", "response of"],
        ]}
        onChange={(from) => change({ from })}
      />
      <Choice
        label="Endpoint"
        value={choice.endpoint}
        options={[["", "any endpoint"], ...endpoints.map((name) => [name, name] as const)]}
        onChange={(endpoint) => change({ endpoint })}
      />
      {hasAction(choice) && (
        <Choice
          label="Action"
          value={choice.action}
          options={[
            ["", "for any action"],
            ...guestActionTypes.map((name) => [name, `for ${name}`] as const),
          ]}
          onChange={(action) => change({ action })}
        />
      )}
      <span className="break-form-buttons">
        <Button type="submit" look="primary" disabledReason={isBusy ? "In progress" : undefined}>
          Add breakpoint
        </Button>
        <Button onClick={onClose}>Cancel</Button>
      </span>
    </form>
  );
}

interface ChoiceProps<Value extends string> {
  readonly label: string;
  readonly value: Value;
  readonly options: readonly (readonly [value: Value, text: string])[];
  /** It has the focus when the form opens. */
  readonly isFirst?: boolean;
  readonly onChange: (value: Value) => void;
}

function Choice<Value extends string>({
  label,
  value,
  options,
  isFirst = false,
  onChange,
}: ChoiceProps<Value>) {
  return (
    <select
      className="text-input"
      aria-label={label}
      value={value}
      // biome-ignore lint/a11y/noAutofocus: a person has just opened the form.
      autoFocus={isFirst}
      onChange={({ target }) => {
        const chosen = options.find(([one]) => one === target.value);
        if (chosen) onChange(chosen[0]);
      }}
    >
      {options.map(([one, text]) => (
        <option key={one} value={one}>
          {text}
        </option>
      ))}
    </select>
  );
}
