import type { ReactNode } from "react";
import "./notice.css";

interface NoticeProps {
  /** Actions that fix the problem. */
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

/** A line across the window about a state that lasts, shown for as long as it does. */
export function Notice({ actions, children }: NoticeProps) {
  return (
    <div className="notice" role="status">
      <p>{children}</p>
      {actions && <div className="notice-actions">{actions}</div>}
    </div>
  );
}
