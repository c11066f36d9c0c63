let tracing = false;

/** True once traces are sent somewhere; without that nothing of OpenTelemetry but this is asked. */
export const isTracing = (): boolean => tracing;

export function setTracing(isOn: boolean): void {
  tracing = isOn;
}
