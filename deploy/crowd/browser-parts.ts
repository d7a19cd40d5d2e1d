// What people's browsers are made of: places, screens, graphics.

export type Size = readonly [width: number, height: number, dpr: number];
export interface Place {
  readonly languages: readonly string[];
  readonly tz: string;
}

export const PLACES: readonly [Place, ...Place[]] = [
  { languages: ['en-US', 'en'], tz: 'America/New_York' },
  { languages: ['en-US', 'en'], tz: 'America/Chicago' },
  { languages: ['en-GB', 'en-US', 'en'], tz: 'Europe/London' },
  { languages: ['de-DE', 'de', 'en-US', 'en'], tz: 'Europe/Berlin' },
  { languages: ['fr-FR', 'fr', 'en'], tz: 'Europe/Paris' },
  { languages: ['pt-BR', 'pt', 'en-US', 'en'], tz: 'America/Sao_Paulo' },
  { languages: ['ja', 'en-US', 'en'], tz: 'Asia/Tokyo' },
  { languages: ['es-ES', 'es'], tz: 'Europe/Madrid' },
];
export const PHONES: readonly [Size, ...Size[]] = [
  [360, 800, 3],
  [384, 832, 2.8125],
  [393, 851, 2.75],
  [412, 915, 2.625],
  [412, 892, 3.5],
];
export const IPHONES: readonly [Size, ...Size[]] = [
  [375, 812, 3],
  [390, 844, 3],
  [393, 852, 3],
  [428, 926, 3],
  [440, 956, 3],
];
export const DESKTOPS: readonly [Size, ...Size[]] = [
  [1280, 720, 1.5],
  [1366, 768, 1],
  [1536, 864, 1.25],
  [1920, 1080, 1],
  [2560, 1440, 1],
];
export const PHONE_GRAPHICS: readonly [[string, string], ...[string, string][]] = [
  ['Qualcomm', 'Adreno (TM) 619'],
  ['Qualcomm', 'Adreno (TM) 740'],
  ['Qualcomm', 'Adreno (TM) 650'],
  ['ARM', 'Mali-G57'],
  ['ARM', 'Mali-G78'],
  ['ARM', 'Mali-G710'],
];
export const CARDS: readonly [[string, string], ...[string, string][]] = [
  ['Intel', 'Intel(R) UHD Graphics 620 (0x00003EA0)'],
  ['Intel', 'Intel(R) Iris(R) Xe Graphics (0x000046A6)'],
  ['AMD', 'AMD Radeon(TM) Graphics (0x00001638)'],
  ['NVIDIA', 'NVIDIA GeForce GTX 1650 (0x00001F82)'],
  ['NVIDIA', 'NVIDIA GeForce RTX 3060 (0x00002504)'],
  ['NVIDIA', 'NVIDIA GeForce RTX 4070 (0x00002786)'],
];
export const CHIPS: readonly [string, ...string[]] = ['M1', 'M1 Pro', 'M2', 'M3', 'M4'];
