let isPointer = false;

document.addEventListener("pointerdown", () => (isPointer = true), { capture: true });
document.addEventListener("keydown", () => (isPointer = false), { capture: true });

/** Whether a person has used the pointer last, not the keyboard. */
export function usedPointerLast(): boolean {
  return isPointer;
}
