import { PackageOpen } from "lucide-react";
import type { ErrorData } from "../../../shared/errors/error-data.ts";
import { capitalizeMessage } from "../../../shared/text/capitalize-message.ts";
import { sayError } from "../../state/messages/notices.ts";
import { Button } from "../../ui/button.tsx";
import { EmptyState } from "../../ui/messages/empty-state.tsx";

interface UnpackQuestionProps {
  readonly title: string;
  /** Says how much data there is. */
  readonly error: ErrorData;
  /** Of the button that unpacks it. */
  readonly label: string;
  readonly onConfirm: () => Promise<void>;
}

/** Asks a person before much data is unpacked into the cache. */
export function UnpackQuestion({ title, error, label, onConfirm }: UnpackQuestionProps) {
  return (
    <EmptyState icon={PackageOpen} title={title}>
      <p>{capitalizeMessage(error.message)}.</p>
      <Button onClick={() => void onConfirm().catch(sayError)}>{label}</Button>
    </EmptyState>
  );
}
