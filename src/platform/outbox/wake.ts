/** A tap on the shoulder of this process's worker, so that fresh work does not wait for the next look. */
type Listener = () => void;

let listener: Listener | undefined;

export function onWake(next: Listener | undefined): void {
  listener = next;
}

export function wakeWorker(): void {
  listener?.();
}
