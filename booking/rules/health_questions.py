"""The questions asked before every dose, by their codes, in the order in which they are asked.

What staff read out stands at the desk's own screens. A "yes" decides nothing by itself: it asks for a doctor.
"""

# Fever or an acute illness now.
FEVER = "fever"
# A severe allergy to a vaccine or to something in it.
ALLERGY = "allergy"
# A severe reaction to an earlier dose of any vaccine.
EARLIER_REACTION = "earlier_reaction"
# Seizures, or a disease of the nervous system that gets worse.
NERVOUS_SYSTEM = "nervous_system"
# An immune deficiency, or medicine that weakens the immune system.
IMMUNITY = "immunity"
# Pregnant, or planning to be.
PREGNANCY = "pregnancy"
# A bleeding disorder, or medicine against clotting.
BLEEDING = "bleeding"
# Another vaccine in the last four weeks, or immunoglobulin, blood or antibodies in the last three months.
RECENT_DOSE = "recent_dose"

QUESTIONS = (
    FEVER,
    ALLERGY,
    EARLIER_REACTION,
    NERVOUS_SYSTEM,
    IMMUNITY,
    PREGNANCY,
    BLEEDING,
    RECENT_DOSE,
)
