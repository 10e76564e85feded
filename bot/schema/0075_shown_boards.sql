-- A board is known by a mark of what it showed last: its words held names, also of people who have left for good.
UPDATE callouts SET shown = '';
