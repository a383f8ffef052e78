// Whether a screen holds what would be lost if another took its place.
import { useEffect } from "./html.js";

let open = 0;

/** A part of a screen says so while it is there, or while `something` has been filled in. */
export function useUnsaved(something = true) {
  useEffect(() => {
    if (!something) return undefined;
    open += 1;
    return () => (open -= 1);
  }, [something]);
}

export const isUnsaved = () => open > 0;
