// Example operations for each kind of user, with the accounts of the demo city (jagawarga up --demo).
// {places} in variables are filled from earlier answers, see memory.js.

export const welcome = `# JagaWarga: the public GraphQL API.
# Panels on the left: the schema, what you
# have run, and examples for each kind of user.

query PublicReports {
  publicReports(first: 10) {
    nodes {
      id
      number
      title
      status
      category { name }
      location { address district { name } }
      upvoteCount
      createdAt
    }
    pageInfo { hasNextPage endCursor }
  }
}
`

const password = 'jagawarga-demo'

const signIn = (name) => `
mutation ${name}($input: SignInInput!) {
  signIn(input: $input) {
    accessToken
    refreshToken
    expiresAt
    viewer {
      ... on Citizen { id name }
      ... on Officer { id name role department { id name level } }
    }
  }
}`

const event = 'cursor kind at previousStatus message report { id number title status department { name } }'

const departmentReports = `
query DepartmentReports($department: ID!, $filter: ReportFilter) {
  departmentReports(department: $department, filter: $filter, order: DUE_SOONEST, first: 20) {
    nodes { id number title status priority dueAt escalationLevel escalatedTo { name } assignee { id name } }
    pageInfo { hasNextPage endCursor }
  }
}`

const departmentFeed = `
subscription DepartmentFeed($department: ID!, $after: Cursor) {
  departmentFeed(department: $department, after: $after) { ${event} }
}`

export const people = [
  {
    name: 'Stranger',
    about: 'Anybody, without an account: what is public.',
    examples: [
      { name: 'Public reports', query: welcome.slice(welcome.indexOf('query')) },
      {
        name: 'Open reports about floods',
        query: `
query Search($filter: ReportFilter) {
  publicReports(filter: $filter, order: MOST_UPVOTED, first: 10) {
    nodes { id number title status upvoteCount timeline(first: 5) { nodes { kind at status message } } }
  }
}`,
        variables: { filter: { text: 'banjir', statuses: ['RECEIVED', 'VERIFIED', 'IN_PROGRESS', 'ESCALATED'] } },
      },
      { name: 'Categories', query: 'query Categories {\n  categories { id code name department { id name } responseHours resolutionHours sensitive }\n}' },
      { name: 'Departments', query: 'query Departments {\n  departments { id code name level parent { name } }\n}' },
      { name: 'Districts', query: 'query Districts {\n  districts { id name }\n}' },
      { name: 'Live: public feed', query: `subscription PublicFeed($after: Cursor) {\n  publicFeed(after: $after) { ${event} }\n}` },
    ],
  },
  {
    name: 'Citizen',
    about: 'Nurul reports a hole in the road and follows what becomes of it.',
    signIn: 'SignInAsCitizen',
    examples: [
      { name: 'Sign in', query: signIn('SignInAsCitizen'), variables: { input: { nationalId: '3273065911860012', password } } },
      { name: 'Who am I', query: 'query Viewer {\n  viewer { __typename ... on Citizen { id name } }\n}' },
      {
        name: 'Submit a report',
        query: `
mutation SubmitReport($input: SubmitReportInput!) {
  submitReport(input: $input) { state report { id number status department { name } createdAt } }
}`,
        variables: {
          input: {
            clientKey: 'playground-1',
            title: 'Jalan berlubang di depan pasar',
            body: 'Lubang selebar satu meter, sudah dua motor jatuh minggu ini.',
            visibility: 'PUBLIC',
            location: { latitude: -6.9147, longitude: 107.6098, address: 'Jalan Braga' },
          },
        },
      },
      { name: 'My reports', query: 'query MyReports {\n  myReports(first: 10) { nodes { id number title status visibility createdAt } }\n}' },
      {
        name: 'Live: my report',
        query: `subscription ReportChanged($report: ID!, $after: Cursor) {\n  reportChanged(report: $report, after: $after) { ${event} }\n}`,
        variables: { report: '{report}' },
      },
    ],
  },
  {
    name: 'Anonymous reporter',
    about: 'A verified citizen reports a bribe. The city learns what happened, nobody learns who told.',
    signIn: 'SignInToReportAnonymously',
    examples: [
      { name: 'Sign in', query: signIn('SignInToReportAnonymously'), variables: { input: { nationalId: '3273242807790012', password } } },
      {
        name: 'Submit an anonymous report',
        query: `
mutation SubmitAnonymousReport($input: SubmitAnonymousReportInput!) {
  submitAnonymousReport(input: $input) {
    receipt
    receiptWords
    number
    body
    removed { kind start end replacement }
    proof
    state
  }
}`,
        variables: {
          input: {
            title: 'Pungutan liar di loket',
            body: 'Petugas loket 3 meminta Rp200.000 supaya berkas diproses. Nama saya Candra, nomor saya 0812-1394-8038.',
            location: { latitude: -6.9147, longitude: 107.6098 },
          },
        },
      },
      {
        name: 'Follow it by receipt alone',
        stranger: true,
        query: `
query AnonymousReport($receipt: String!) {
  anonymousReport(receipt: $receipt) {
    unread
    report { number title status timeline { nodes { kind at status message } } }
    messages { body author { kind name } createdAt }
  }
}`,
        variables: { receipt: '{receipt}' },
      },
      {
        name: 'Reply without a name',
        stranger: true,
        query: `
mutation ReplyAsAnonymous($receipt: String!, $body: String!) {
  replyAsAnonymous(receipt: $receipt, body: $body) {
    report { number status }
    messages { body author { kind name } createdAt }
  }
}`,
        variables: { receipt: '{receipt}', body: 'Kejadiannya Senin pagi. Nomor saya 0812-1394-8038.' },
      },
      {
        name: 'Watch the case live',
        stranger: true,
        query: `
subscription AnonymousCaseChanged($receipt: String!) {
  anonymousCaseChanged(receipt: $receipt) {
    unread
    report { status }
    messages { body author { kind name } createdAt }
  }
}`,
        variables: { receipt: '{receipt}' },
      },
    ],
  },
  {
    name: 'Officer',
    about: 'Siti works in the road unit: her queue, live, and the case in hand.',
    signIn: 'SignInAsOfficer',
    examples: [
      { name: 'Sign in', query: signIn('SignInAsOfficer'), variables: { input: { email: 'petugas1.jalan@demo.jagawarga.test', password } } },
      { name: 'Reports of my department', query: departmentReports, variables: { department: '{department}' } },
      { name: 'Live: department feed', query: departmentFeed, variables: { department: '{department}' } },
      {
        name: 'Take a report up',
        query: `
mutation ChangeStatus($report: ID!, $to: Status!, $message: String) {
  changeStatus(report: $report, to: $to, message: $message) { id number status updatedAt }
}`,
        variables: { report: '{report}', to: 'VERIFIED', message: 'Sudah kami periksa, tim berangkat besok pagi.' },
      },
      {
        name: 'Assign it to me',
        query: `
mutation AssignReport($report: ID!, $officer: ID!) {
  assignReport(report: $report, officer: $officer) { id number assignee { id name } }
}`,
        variables: { report: '{report}', officer: '{officer}' },
      },
    ],
  },
  {
    name: 'Head authority',
    about: 'The mayor sees every department, and what has climbed up to the top.',
    signIn: 'SignInAsHeadAuthority',
    examples: [
      { name: 'Sign in', query: signIn('SignInAsHeadAuthority'), variables: { input: { email: 'walikota@demo.jagawarga.test', password } } },
      { name: 'Escalated reports of the whole city', query: departmentReports, variables: { department: '{department}', filter: { escalated: true } } },
      { name: 'Overdue reports of the whole city', query: departmentReports, variables: { department: '{department}', filter: { overdue: true } } },
      { name: 'Live: everything', query: departmentFeed, variables: { department: '{department}' } },
    ],
  },
]
