import { useEffect, useState } from "react";
import type { Versions } from "../../../shared/app/host.ts";
import { app } from "../../client/api-client.ts";
import { sayError } from "../../state/messages/notices.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialogs/dialog.tsx";

const names: Record<keyof Versions, string> = {
  tinsmith: "Tinsmith",
  qemu: "QEMU",
  node: "Node",
  system: "System",
};

/** Shows the versions of the programs that run here, for a bug report. */
export function AboutDialog({ onClose }: { readonly onClose: () => void }) {
  const [versions, setVersions] = useState<Versions>();
  useEffect(() => {
    app().about().then(setVersions, sayError);
  }, []);
  return (
    <Dialog
      title="About Tinsmith"
      description="Build a worker image from an ISO in one click, and see everything the guest tools and the host say to each other."
      onClose={onClose}
      actions={<Button onClick={onClose}>Close</Button>}
    >
      <dl className="facts">
        {versions &&
          (Object.keys(names) as (keyof Versions)[]).map((key) => (
            <div key={key} style={{ display: "contents" }}>
              <dt>{names[key]}</dt>
              <dd className="mono">{versions[key]}</dd>
            </div>
          ))}
        <dt>License</dt>
        <dd>MPL-2.0</dd>
      </dl>
    </Dialog>
  );
}
