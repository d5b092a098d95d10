import type { LucideIcon } from "lucide-react";
import type { ComponentProps } from "react";
import "./button.css";
import { classNames } from "./class-names.ts";
import { Tooltip } from "./tooltip.tsx";

interface ButtonProps extends ComponentProps<"button"> {
  /** `primary`: the one thing that a view is there for; `danger`: what can't be undone; `quiet`: no frame. */
  readonly look?: "plain" | "primary" | "danger" | "quiet";
  readonly icon?: LucideIcon;
}

/** A button with a label. */
export function Button({ look = "plain", icon: Icon, className, children, ...rest }: ButtonProps) {
  return (
    <button type="button" className={classNames("button", `button-${look}`, className)} {...rest}>
      {Icon && <Icon size={15} aria-hidden />}
      {children}
    </button>
  );
}

interface IconButtonProps extends Omit<ComponentProps<"button">, "children"> {
  readonly icon: LucideIcon;
  /** What it does: read aloud, and shown when the pointer rests on it. */
  readonly label: string;
  /** Its keyboard shortcut, shown with the label. */
  readonly keys?: string | undefined;
  /** For a button that switches something: whether that is on. */
  readonly pressed?: boolean;
}

/** A button that shows an icon only. */
export function IconButton({ icon: Icon, label, keys, pressed, className, ...rest }: IconButtonProps) {
  return (
    <Tooltip text={label} keys={keys}>
      <button
        type="button"
        className={classNames("icon-button", className)}
        aria-label={label}
        aria-pressed={pressed}
        {...rest}
      >
        <Icon size={16} aria-hidden />
      </button>
    </Tooltip>
  );
}
