/** Identifies the build in signed statements. */
declare const __BUILD__: string
