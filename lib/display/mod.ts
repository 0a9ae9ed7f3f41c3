/**
 * Charts, tables, progress bars and reports.
 *
 * @module
 */
import "./notebook/mod.ts";

export { Chart, type Spec } from "./chart.ts";
export * from "./contour.ts";
export * from "./convergence.ts";
export { type Axis, type Line as ChartLine, linesChart, type LinesOptions } from "./lines.ts";
export * from "./matrix_chart.ts";
export * from "./profile.ts";
export { type ProgressBar, progressBar, showProgress } from "./progress.ts";
export * from "./report.ts";
export * from "./table.ts";
export type { SolverOrder } from "./theme.ts";
export { traceChart, type TraceChartOptions } from "./trace.ts";
