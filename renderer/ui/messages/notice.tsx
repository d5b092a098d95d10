import type { ReactNode } from "react";
import "./notice.css";

interface NoticeProps {
  /** Actions that fix the problem. */
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

/** A calm line across the window about how things are, for as long as they are so. */
export function Notice({ actions, children }: NoticeProps) {
  return (
    <div className="notice" role="status">
      <p>{children}</p>
      {actions && <div className="notice-actions">{actions}</div>}
    </div>
  );
}
