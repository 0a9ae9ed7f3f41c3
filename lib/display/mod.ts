/**
 * Charts, tables, progress bars and reports.
 *
 * @module
 */
export { Chart, type Spec } from "./chart.ts";
export * from "./contour.ts";
export { type ProgressBar, progressBar } from "./progress.ts";
export { traceChart, type TraceChartOptions } from "./trace.ts";
