/**
 * Metrics for Prometheus.
 * @module
 */
export { createPrometheusObserver, type PrometheusOptions } from "./observe/prometheus.js";
