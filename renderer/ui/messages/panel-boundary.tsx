import { CircleX, RotateCcw } from "lucide-react";
import { Component, type ErrorInfo, type ReactNode } from "react";
import { app } from "../../client/api-client.ts";
import { Button } from "../button.tsx";
import "../card.css";
import { ErrorText } from "./error-text.tsx";
import "./panel-boundary.css";

interface PanelBoundaryProps {
  /** For people: `The panel "Library"`. */
  readonly part: string;
  /** It is the whole window, in which nothing else could continue. */
  readonly isWindow?: boolean;
  readonly children: ReactNode;
}

interface PanelBoundaryState {
  readonly error?: Error | undefined;
}

/** Keeps an error of one panel in that panel, and reports it: the rest of the window stays as it is. */
export class PanelBoundary extends Component<PanelBoundaryProps, PanelBoundaryState> {
  override readonly state: PanelBoundaryState = {};

  static getDerivedStateFromError(thrown: unknown): PanelBoundaryState {
    return { error: toError(thrown) };
  }

  override componentDidCatch(thrown: unknown, { componentStack }: ErrorInfo): void {
    void report(this.props.part, toError(thrown), componentStack ?? "");
  }

  override render(): ReactNode {
    const { part, isWindow = false, children } = this.props;
    const { error } = this.state;
    if (!error) return children;
    return (
      <div className="panel-error">
        <section className="card card-bad" role="alert">
          <h2>
            <CircleX size={16} aria-hidden />
            {part} had an unexpected error
          </h2>
          <ErrorText
            error={{ code: "internal", message: error.message, advice: "Sessions are not affected." }}
          />
          <div className="card-actions">
            {!isWindow && (
              <Button icon={RotateCcw} look="primary" onClick={() => this.setState({ error: undefined })}>
                Reload panel
              </Button>
            )}
            <Button look={isWindow ? "primary" : "plain"} onClick={() => location.reload()}>
              Reload window
            </Button>
          </div>
        </section>
      </div>
    );
  }
}

function toError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}

/** As the engine takes it. While there is no connection, nothing is reported. */
async function report(part: string, { name, message, stack }: Error, componentStack: string): Promise<void> {
  try {
    await app().crashes.report({
      part: part.slice(0, 200),
      message: `${name}: ${message}`.slice(0, 2_000),
      stack: `${stack}\n\nIn the panel:${componentStack}`.slice(0, 50_000),
    });
  } catch {}
}
