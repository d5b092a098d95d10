import { CircleCheck, CircleX, FolderOpen, X } from "lucide-react";
import { app } from "../api-client.ts";
import { useStore } from "../state/store.ts";
import { closeToast, sayError, type Toast, toasts } from "../state/toasts.ts";
import { IconButton } from "./button.tsx";
import { ErrorText } from "./error-text.tsx";
import "./toast-list.css";

/** Messages in the corner, above everything and in the way of nothing. */
export function ToastList() {
  const shown = useStore(toasts, (state) => state.shown);
  return (
    <div className="toast-list">
      {shown.map((toast) => (
        <ToastItem key={toast.number} toast={toast} />
      ))}
    </div>
  );
}

function ToastItem({ toast }: { readonly toast: Toast }) {
  const { path } = toast;
  const Icon = toast.kind === "error" ? CircleX : CircleCheck;
  return (
    <div className={`toast toast-${toast.kind}`} role={toast.kind === "error" ? "alert" : "status"}>
      <Icon size={16} aria-hidden />
      {toast.error ? <ErrorText error={toast.error} /> : <p>{toast.text}</p>}
      {path !== undefined && (
        <IconButton
          icon={FolderOpen}
          label="Open its folder"
          onClick={() => void app().reveal({ path }).catch(sayError)}
        />
      )}
      <IconButton icon={X} label="Close this message" onClick={() => closeToast(toast.number)} />
    </div>
  );
}
