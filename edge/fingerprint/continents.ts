// Countries (ISO 3166) by the first word of their time zones' names.

const COUNTRIES: Record<string, string> = {
  Africa:
    'AO BF BI BJ BW CD CF CG CI CM DJ DZ EG EH ER ET GA GH GM GN GQ GW KE LR LS LY MA ML MR MW MZ NA NE NG RW SD SL SN SO SS ST SZ TD TG TN TZ UG ZA ZM ZW ES',
  America:
    'AG AI AR AW BB BL BO BQ BR BS BZ CA CL CO CR CU CW DM DO EC GD GF GL GP GT GY HN HT JM KN KY LC MF MQ MS MX NI PA PE PM PR PY SR SV SX TC TT US UY VC VE VG VI',
  Asia: 'AE AF AM AZ BD BH BN BT CN CY GE HK ID IL IN IQ IR JO JP KG KH KP KR KW KZ LA LB LK MM MN MO MY NP OM PH PK PS QA RU SA SG SY TH TJ TL TM TR TW UZ VN YE',
  Australia: 'AU',
  Europe:
    'AD AL AT AX AZ BA BE BG BY CH CY CZ DE DK EE ES FI FR GB GE GG GI GR HR HU IE IM IT JE KZ LI LT LU LV MC MD ME MK MT NL NO PL PT RO RS RU SE SI SK SM TR UA VA XK',
};

const CONTINENTS = new Map<string, string[]>();
for (const [continent, codes] of Object.entries(COUNTRIES)) {
  for (const code of codes.split(' ')) {
    CONTINENTS.set(code, [...(CONTINENTS.get(code) ?? []), continent]);
  }
}

/** Continents that a country's zones are named by; none where that is not known. */
export const continentsOf = (country: string): readonly string[] => CONTINENTS.get(country) ?? [];
