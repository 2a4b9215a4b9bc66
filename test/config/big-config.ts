/** A config that uses every word of the language at least once, and is good: the base of the fuzz and of the schemas' test. */
import { email, sms } from './small-config.ts';

const brand = `# yaml-language-server: $schema=schemas/brand.json
name: "Atelier : Lumière"
maturity: 4
locale: fr-FR
languages: [fr, en]
timeZone: Europe/Paris
country: FR
currency: EUR
sender:
  name: Atelier Lumière
  email: bonjour@news.atelier.fr
  transactional: commandes@mail.atelier.fr
  replyTo: contact@atelier.fr
  sms: ATELIER
site: [www.atelier.fr, boutique.atelier.fr]
address: 12 rue des Lilas, 69003 Lyon
paused: non
`;

const fideles = `# yaml-language-server: $schema=../schemas/segment.json
description: a commandé souvent, et récemment
when:
  all:
    - orders.count: { gte: 3 }
    - orders.total: { gte: 300, lt: 10000, within: 365 days }
    - not: { did: Order Refunded, within: 90 days }
`;

const boutique = `when: { did: Order Completed, where: { channel: store, event.total: { gt: 10, lte: 500 } }, times: { gte: 2, lt: 20 }, within: 12 months }
`;

const curieux = `when:
  did: [Product Viewed, Product Added]
  times: 3
  within: 14 jours
  where:
    any:
      - category: [mode, déco]
      - not: { price: { lt: 10 } }
      - all: [{ sku: { exists: true } }, { variant: { ne: bleu } }]
  same: category
`;

const presents = `when:
  any:
    - in: fideles
    - in: [curieux, boutique]
      not in: absents
    - interests: { any of: [a, b], none of: [c], all of: a }
    - tags: { contains: vip }
    - country: { in: [FR, BE], not in: [DE] }
    - postcode: 01000
    - signedUpAt: { within: 7 days }
    - lastVisit: { before: 30 days ago, after: 2025-01-31 }
    - birthday: { anniversary: dans 7 jours }
    - contractEnd: { on: aujourd’hui, before: 1 an ago }
    - renewal: { after: "2026-12-01T10:00:00+01:00", before: in 2 years, on: demain }
    - device.type: [mobile, tablet]
      device.os: { eq: iOS }
      place.city: Lyon
      place.region: { exists: false }
      place.country: FR
    - predicted.churn: { gte: 0.7 }
    - context.weather: rain
    - traits.did: true
      cart.value: { gte: 30 }
      consent.email: true
    - did not: Order Completed
      within: 60 days
    - did: Survey Answered
      times: { eq: 3 }
    - did: Ticket Opened
      times: { lte: 4, gt: 0 }
`;

const absents = `when:
  orders.count: { gte: 1 }
  did not: Order Completed
  within: 60 jours
`;

const everyStep = `# yaml-language-server: $schema=../schemas/journey.json
description: toutes les étapes
active: oui
start:
  on: [Checkout Started, Rendez-vous pris]
  where: { event.total: { gte: 30 }, in: fideles }
  once per: checkout_id
  rest: 3 jours
  late: 2 heures
exit: { on: [Order Completed, Order Cancelled], where: { cart.value: { exists: false }, not in: absents }, same: checkout_id }
steps:
  - wait: 30 minutes
    restart on: [Cart Updated, Checkout Started]
  - wait until: 10h30
  - wait until: { at: midi, on: [mardi, thursday], zone: recipient }
  - wait until: { date: contractEnd, before: 7 days, at: "10:00", zone: brand }
  - wait until: { date: traits.birthday, after: 2 jours, every: year }
  - wait until: best time
    within: 12 hours
  - wait for: [Order Completed, Order Picked Up]
    where: { event.total: { gt: 0 }, in: [fideles, boutique] }
    same: checkout_id
    at most: 3 days
    then:
      - goal: achat
      - exit
    else:
      - send: rappel
        channels: [sms, email]
  - wait for: Store Visited
    at most: 2 heures
  - if: { in: absents, cart.value: { gte: 30 } }
    then:
      - set: { vip: true, niveau: 3, note: "à rappeler" }
      - add tag: [vip, client fidèle]
        remove tag: nouveau
    else:
      - add tag: froid
      - remove tag: [chaud]
  - split:
      - name: court
        weight: 50
        steps:
          - send: rappel
      - weight: 30
        steps: []
      - weight: 20
        steps: [{ send: rappel, channels: sms }, exit]
  - webhook: https://example.fr/hook?source=relance
  - webhook: http://localhost:8080/hook
  - task:
      to: boutique@atelier.fr
      subject: "Rappeler {{ person.firstName }}"
      text: |
        Panier de {{ cart.value | money: cart.currency }}.
        to: est écrit au début de cette ligne
        on:site
  - send: rappel
  - exit
`;

export const bigConfig: Readonly<Record<string, string>> = {
  'brand.yaml': brand,
  'segments/fideles.yaml': fideles,
  'segments/boutique.yaml': boutique,
  'segments/curieux.yaml': curieux,
  'segments/presents.yaml': presents,
  'segments/absents.yaml': absents,
  'journeys/tout.yaml': everyStep,
  'journeys/categorie.yaml': `start: { did: Product Viewed, times: 3, within: 14 days, where: { price: { gte: 10 } }, same: category, once per: category, rest: 14 days, late: 3 hours }
steps: [{ send: rappel }]
`,
  'journeys/arrivee.yaml': `start: { entered: presents, existing: include, where: { cart.value: { gte: 3 } }, once: true }
steps: [{ send: rappel }]
`,
  'journeys/depart.yaml': `start: { left: fideles, rest: 30 days, late: 1 day }
steps: [{ send: rappel }]
`,
  'journeys/anniversaire.yaml': `start: { date: birthday, before: 7 days, at: "10:00", every: year, zone: recipient, once: false }
steps: [{ send: rappel, channels: [email, sms] }]
`,
  'journeys/fin-de-contrat.yaml': `active: false
start: { date: contractEnd, after: 2 semaines, every: once, where: { vip: true } }
steps: [{ send: rappel }]
`,
  'journeys/appel.yaml': `start: { api: true, once per: order_id, where: { event.kind: { eq: a } } }
steps: [{ send: rappel }]
`,
  'campaigns/une-fois.yaml': `# yaml-language-server: $schema=../schemas/campaign.json
description: les soldes
segment: fideles
send: rappel
on: 2031-01-08
`,
  'campaigns/chaque-semaine.yaml': `{ segment: boutique, send: rappel, channels: [email], every: week, on: mardi, at: 18h, zone: recipient, throttle: 1000 per hour }
`,
  'campaigns/chaque-mois.yaml': `{ segment: fideles, send: rappel, channels: sms, every: mois, on: 15, throttle: 1 000 par heure, active: true }
`,
  'campaigns/premier-mardi.yaml': `{ segment: fideles, send: rappel, every: month, on: first tuesday, at: "10:00" }
`,
  'campaigns/dernier-vendredi.yaml': `{ segment: fideles, send: rappel, every: month, on: dernier vendredi, active: non }
`,
  'templates/rappel/email.fr.mjml': email,
  'templates/rappel/email.en.mjml': email,
  'templates/rappel/sms.fr.txt': sms,
  'templates/rappel/sms.en.txt': sms,
};
