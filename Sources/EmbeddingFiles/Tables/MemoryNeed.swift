/// Throws `exceedsMemory` if what is about to be computed from an array cannot be held: a sentence before the work, instead of an abort in
/// the middle of it.
///
/// - Parameters:
///   - byteCount: the bytes that will be held at once.
///   - column: the array that needs them.
package func checkMemory(_ byteCount: Int, for column: LargeColumn) throws(EmbeddingFileError) {
    guard byteCount > MemoryBudget.machineLimit else { return }
    throw .exceedsMemory(.init(column.file, array: column.key), neededBytes: byteCount, availableBytes: MemoryBudget.machineLimit)
}
