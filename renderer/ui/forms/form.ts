import { createContext } from "react";

/** Says whether a field's value will do. */
export type FieldCheck = () => boolean | Promise<boolean>;

/** The problem that the engine found in a field when the form was submitted. */
export interface Refusal {
  readonly field: string;
  readonly text: string;
}

/** The state that a form shares with its fields. */
export interface Form {
  /** The person has tried to submit it: from now on its problems are shown. */
  readonly isAttempted: boolean;
  /** Has a field checked before the form is submitted. @returns a function that ends it */
  readonly addCheck: (check: FieldCheck) => () => void;
  /** Names a field as the engine does, whose errors about it are then shown there. @returns a function that ends it */
  readonly addName: (field: string) => () => void;
  readonly refusal: Refusal | undefined;
  /** Called when the refused value has changed. */
  readonly forgetRefusal: () => void;
}

/** The form that a field is in; absent for a field outside of a form. */
export const FormContext = createContext<Form | undefined>(undefined);

/** The pause in typing after which the value is checked, in milliseconds. */
export const typingPause = 400;
