/**
 * Traces for OpenTelemetry.
 * @module
 */
export { createOpenTelemetryObserver, type OpenTelemetryOptions } from "./observe/opentelemetry.js";
