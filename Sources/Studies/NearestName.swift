/// The name in `names` that `text` most likely misspells: the one fewest edits away, if these are at most a third of its length (or 2).
package func nearestName(to text: String, in names: [String]) -> String? {
    let distances = names.map { (name: $0, distance: editDistance(Array(text.lowercased()), Array($0.lowercased()))) }
    guard let best = distances.min(by: { $0.distance < $1.distance }) else { return nil }
    // Short names are few edits apart whatever they are, so the limit also lies below their length (1 for a single character).
    return best.distance <= max(2, best.name.count / 3) && best.distance < max(2, min(text.count, best.name.count)) ? best.name : nil
}

/// Levenshtein's distance: the least number of characters to insert, delete or replace to turn `a` into `b`.
private func editDistance(_ a: [Character], _ b: [Character]) -> Int {
    var previous = Array(0...b.count)
    for (i, left) in a.enumerated() {
        var current = [i + 1]
        for (j, right) in b.enumerated() {
            current.append(min(previous[j + 1] + 1, current[j] + 1, previous[j] + (left == right ? 0 : 1)))
        }
        previous = current
    }
    return previous[b.count]
}
