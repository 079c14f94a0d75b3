/// The library: everything that a Swift program needs to run a study on its own arrays or files and to read the report.
///
/// `import EMIKit` provides `Study`, `StudySet`, `StudySettings`, `Report` and `RunError`. The targets below make `public` what these need
/// and keep its meaning from one minor version to the next; everything else is `package`.
@_exported import Information
@_exported import Reports
@_exported import Studies
