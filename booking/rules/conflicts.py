"""What a supervisor can say of an act that contradicts what happened meanwhile."""

# Looked at, and right as it stands; the place was given back; written down elsewhere, on paper or by another act; it
# was a mistake of ours or of the desk, and the person was told.
SEEN, REVIVED, RECORDED_ELSEWHERE, MISTAKE = "seen", "revived", "recorded_elsewhere", "mistake"
DECISIONS = (SEEN, REVIVED, RECORDED_ELSEWHERE, MISTAKE)
