"""What may be seen after a dose and what was done about it, by codes. The words stand at the desk's own screens."""

# Redness, swelling or pain where the dose was given.
LOCAL = "local"
FAINTING = "fainting"
FEVER = "fever"
# Hives or another rash.
RASH = "rash"
VOMITING = "vomiting"
# Wheezing, a tight throat, breath that comes hard.
BREATHING = "breathing"
# A severe allergic reaction of the whole body.
ANAPHYLAXIS = "anaphylaxis"
OTHER = "other"
KINDS = (LOCAL, FAINTING, FEVER, RASH, VOMITING, BREATHING, ANAPHYLAXIS, OTHER)

# Kept longer and watched.
WATCHED = "watched"
# Treated at the site.
TREATED = "treated"
# An ambulance was called.
AMBULANCE = "ambulance"
# Sent to a hospital without one.
REFERRED = "referred"
ACTIONS = (WATCHED, TREATED, AMBULANCE, REFERRED)
