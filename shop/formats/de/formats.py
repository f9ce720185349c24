"""German as Django writes it; what English adds of its own (shop/formats/en) has to stand here, too."""

MONTH_DAY_FORMAT = "j. F"
SHORT_DATE_FORMAT = "d.m.Y"
SHORT_DATETIME_FORMAT = "d.m.Y, H:i"
DATETIME_FORMAT = "j. F Y, H:i"
TIME_FORMAT = "H:i"
DATE_FORMAT = "j. F Y"
