import { type RefObject, useEffect, useMemo, useRef, useState } from "react";
import type { ErrorData } from "../../../shared/errors/error-data.ts";
import { errorSentences } from "../messages/error-sentences.ts";
import type { FieldCheck, Form, Refusal } from "./form.ts";

interface Fields {
  readonly fields: Form;
  readonly element: RefObject<HTMLFormElement | null>;
  /** Has all fields checked. When one is wrong, all show what is, and the first has the focus. */
  readonly areRight: () => Promise<boolean>;
  /** Shows an error at the field that it is about. @returns false when no field is */
  readonly refuse: (error: ErrorData) => boolean;
}

/** The fields of a form, as they come and go. */
export function useFields(): Fields {
  const element = useRef<HTMLFormElement>(null);
  const [checks] = useState(() => new Set<FieldCheck>());
  const [names] = useState(() => new Set<string>());
  const [refusals, setRefusals] = useState(0);
  const [refusal, setRefusal] = useState<Refusal>();
  useEffect(() => {
    if (refusals > 0) element.current?.querySelector<HTMLElement>("[aria-invalid]")?.focus();
  }, [refusals]);
  const isAttempted = refusals > 0;
  const fields = useMemo<Form>(
    () => ({
      isAttempted,
      addCheck: (check) => {
        checks.add(check);
        return () => checks.delete(check);
      },
      addName: (field) => {
        names.add(field);
        return () => names.delete(field);
      },
      refusal,
      forgetRefusal: () => setRefusal(undefined),
    }),
    [checks, names, isAttempted, refusal],
  );
  const areRight = async () => {
    setRefusal(undefined);
    const results = await Promise.all([...checks].map((check) => check()));
    const isRight = !results.includes(false);
    if (!isRight) setRefusals((before) => before + 1);
    return isRight;
  };
  const refuse = (error: ErrorData) => {
    // An error may be about a part of what a field is for.
    const field = [...names].find((name) => error.field === name || error.field?.startsWith(`${name}.`));
    if (field === undefined) return false;
    setRefusal({ field, text: errorSentences(error) });
    setRefusals((before) => before + 1);
    return true;
  };
  return { fields, element, areRight, refuse };
}
