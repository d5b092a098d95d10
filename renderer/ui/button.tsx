import type { LucideIcon } from "lucide-react";
import type { ComponentProps } from "react";
import "./button.css";
import { classNames } from "./class-names.ts";
import { Tooltip } from "./tooltip.tsx";

interface CommonProps extends ComponentProps<"button"> {
  /**
   * The reason why it can't be used now; undefined when it can. A disabled button does nothing, but takes the focus,
   * so that the reason can be read and heard.
   */
  readonly disabledReason?: string | undefined;
  /** Its keyboard shortcut, shown with its effect. */
  readonly keys?: string | undefined;
}

interface ButtonProps extends CommonProps {
  /** `primary`: the main action of a view; `danger`: an action that can't be undone; `quiet`: no frame. */
  readonly look?: "plain" | "primary" | "danger" | "quiet";
  readonly icon?: LucideIcon;
  /** A description of the effect, where the label is too short; shown when the pointer rests on it. */
  readonly hint?: string;
}

/** A button with a label. */
export function Button({
  look = "plain",
  icon: Icon,
  className,
  hint,
  keys,
  disabledReason,
  children,
  ...rest
}: ButtonProps) {
  return (
    // Also without a text: else React would create another button, without the focus, when it gets a reason.
    <Tooltip text={disabledReason ?? hint} keys={keys}>
      <button
        type="button"
        className={classNames("button", `button-${look}`, className)}
        {...rest}
        {...disabledBy(disabledReason)}
      >
        {Icon && <Icon size={16} aria-hidden />}
        {children}
      </button>
    </Tooltip>
  );
}

interface IconButtonProps extends Omit<CommonProps, "children"> {
  readonly icon: LucideIcon;
  /** The name of the effect: read aloud, and shown when the pointer rests on it. */
  readonly label: string;
  /** For a button that switches something: whether that is on. */
  readonly pressed?: boolean;
}

/** A button that shows an icon only. */
export function IconButton({
  icon: Icon,
  label,
  keys,
  pressed,
  className,
  disabledReason,
  ...rest
}: IconButtonProps) {
  return (
    <Tooltip text={disabledReason === undefined ? label : `${label}: ${disabledReason}`} keys={keys}>
      <button
        type="button"
        className={classNames("icon-button", className)}
        aria-label={label}
        aria-pressed={pressed}
        {...rest}
        {...disabledBy(disabledReason)}
      >
        <Icon size={16} aria-hidden />
      </button>
    </Tooltip>
  );
}

/** A button that the browser itself disables can't be reached by keyboard, and has no tooltip. */
function disabledBy(reason: string | undefined): ComponentProps<"button"> {
  if (reason === undefined) return {};
  return {
    type: "button",
    "aria-disabled": true,
    "aria-description": reason,
    onClick: (event) => event.preventDefault(),
  };
}
