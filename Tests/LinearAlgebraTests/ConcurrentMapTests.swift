import LinearAlgebra
import Testing

@Suite struct ConcurrentMapTests {
    private struct Failure: Error, Equatable { let index: Int }

    @Test(arguments: [(0, 1), (1, 4), (7, 1), (7, 2), (100, 3)])
    func resultsComeInOrder(_ count: Int, _ threads: Int) throws {
        #expect(try concurrentMap(count: count, threadCount: threads) { $0 * $0 } == (0..<count).map { $0 * $0 })
    }

    @Test(arguments: [1, 2]) func theFirstErrorByIndexIsThrown(_ threads: Int) {
        #expect(throws: Failure(index: 3)) {
            try concurrentMap(count: 50, threadCount: threads) { index in
                if index >= 3, index.isMultiple(of: 3) { throw Failure(index: index) }
                return index
            }
        }
    }
}
